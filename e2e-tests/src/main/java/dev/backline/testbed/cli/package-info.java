/** The command line of the testbed: one class a command. */
@NullMarked
package dev.backline.testbed.cli;

import org.jspecify.annotations.NullMarked;
