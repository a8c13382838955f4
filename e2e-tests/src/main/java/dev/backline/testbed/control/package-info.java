/** How a second terminal reaches the running testbed: the control file and its endpoint. */
@NullMarked
package dev.backline.testbed.control;

import org.jspecify.annotations.NullMarked;
