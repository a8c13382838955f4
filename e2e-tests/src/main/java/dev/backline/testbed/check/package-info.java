/** Checkers: pure functions from what happened in a drill to findings. */
@NullMarked
package dev.backline.testbed.check;

import org.jspecify.annotations.NullMarked;
