/** Keeps the import table of the architecture. */
@NullMarked
package dev.backline.balancer.arch;

import org.jspecify.annotations.NullMarked;
