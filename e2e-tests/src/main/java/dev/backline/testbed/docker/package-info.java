/** Docker, as far as the testbed needs it: its commands, and what their failures mean. */
@NullMarked
package dev.backline.testbed.docker;

import org.jspecify.annotations.NullMarked;
