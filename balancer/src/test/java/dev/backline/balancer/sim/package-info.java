/**
 * The pure core in simulated time, on a simulated network, with simulated backends: one seed
 * decides everything.
 */
@NullMarked
package dev.backline.balancer.sim;

import org.jspecify.annotations.NullMarked;
