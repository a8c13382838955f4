/** What people read at the end of a drill: figures, findings, and the story of a failure. */
@NullMarked
package dev.backline.testbed.report;

import org.jspecify.annotations.NullMarked;
