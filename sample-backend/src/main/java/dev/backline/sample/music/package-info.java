/** The songs, their covers, and what listeners did to them. */
@NullMarked
package dev.backline.sample.music;

import org.jspecify.annotations.NullMarked;
