@NullMarked
package dev.backline.balancer;

import org.jspecify.annotations.NullMarked;
