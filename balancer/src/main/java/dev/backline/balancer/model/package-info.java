/** The words of the product as values: backends, pools, requests, outcomes. Pure. */
@NullMarked
package dev.backline.balancer.model;

import org.jspecify.annotations.NullMarked;
