/** Drills: a fault under load with a promise, and the run that judges it. */
@NullMarked
package dev.backline.testbed.drill;

import org.jspecify.annotations.NullMarked;
