/** The configuration file: text in, records or all of its errors out. Pure. */
@NullMarked
package dev.backline.balancer.config;

import org.jspecify.annotations.NullMarked;
