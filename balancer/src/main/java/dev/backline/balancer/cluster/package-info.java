/** What the members share, over Hazelcast: the only package that knows it. */
@NullMarked
package dev.backline.balancer.cluster;

import org.jspecify.annotations.NullMarked;
