/**
 * The testbed: starts Backline and its backends as processes, breaks them, and accounts for every
 * request.
 */
@NullMarked
package dev.backline.testbed;

import org.jspecify.annotations.NullMarked;
