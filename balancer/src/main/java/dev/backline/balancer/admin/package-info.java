/** The administrative HTTP interface and the status in words. */
@NullMarked
package dev.backline.balancer.admin;

import org.jspecify.annotations.NullMarked;
