/** dumbsound, a little music site that serves as a backend and can be told to misbehave. */
@NullMarked
package dev.backline.sample;

import org.jspecify.annotations.NullMarked;
