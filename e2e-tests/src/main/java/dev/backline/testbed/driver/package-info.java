/** The testbed and its process driver: starts, breaks, heals and ends balancer and backends. */
@NullMarked
package dev.backline.testbed.driver;

import org.jspecify.annotations.NullMarked;
