/** The interactive testbed: starts all, shows a live table, ends all. */
@NullMarked
package dev.backline.testbed.up;

import org.jspecify.annotations.NullMarked;
