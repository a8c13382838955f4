/**
 * What an HTTP intermediary must add, strip and frame, as rules on header names and values. Pure.
 */
@NullMarked
package dev.backline.balancer.http;

import org.jspecify.annotations.NullMarked;
