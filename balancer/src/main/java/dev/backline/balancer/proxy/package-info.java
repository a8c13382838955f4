/** The data plane: accepts requests, forwards them, accounts for every attempt. */
@NullMarked
package dev.backline.balancer.proxy;

import org.jspecify.annotations.NullMarked;
