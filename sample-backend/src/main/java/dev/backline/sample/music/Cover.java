package dev.backline.sample.music;

import dev.backline.sample.web.Svg;
import io.vertx.core.buffer.Buffer;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The picture of a song: its genre gives the motif and the colours, its number the rest. All share
 * the light from above, the grain and the thin frame.
 */
final class Cover {
  private static final long SEED = 0x6475_6d62L;

  private Cover() {}

  static Buffer of(Song song) {
    Palette colours = Palette.of(song.genre());
    RandomGenerator random = new SplittableRandom(SEED * song.id());
    Svg svg = new Svg();
    svg.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 400\">");
    svg.raw(definitions(colours));
    svg.rectangle(0, 0, 400, 400, "url(#b)");
    Motif.of(song.genre()).draw(svg, colours, random);
    svg.rectangle(0, 0, 400, 400, "url(#l)");
    svg.raw("<rect width=\"400\" height=\"400\" filter=\"url(#g)\" opacity=\".11\"/>");
    svg.raw("<rect x=\"14.5\" y=\"14.5\" width=\"371\" height=\"371\" rx=\"3\" fill=\"none\"");
    svg.raw(" stroke=\"" + colours.pale() + "\" stroke-opacity=\".22\"/></svg>");
    return Buffer.buffer(svg.toString());
  }

  private static String definitions(Palette colours) {
    return "<defs><linearGradient id=\"b\" x1=\"0\" y1=\"0\" x2=\".3\" y2=\"1\">"
        + ("<stop stop-color=\"" + colours.dusk() + "\"/>")
        + ("<stop offset=\"1\" stop-color=\"" + colours.deep() + "\"/></linearGradient>")
        + "<linearGradient id=\"s\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\">"
        + ("<stop stop-color=\"" + colours.second() + "\"/>")
        + ("<stop offset=\"1\" stop-color=\"" + colours.bright() + "\"/></linearGradient>")
        + "<radialGradient id=\"o\"><stop stop-color=\""
        + (colours.pale() + "\"/><stop offset=\".25\" stop-color=\"" + colours.second())
        + "\" stop-opacity=\".85\"/><stop offset=\"1\" stop-color=\""
        + (colours.bright() + "\" stop-opacity=\"0\"/></radialGradient>")
        + "<radialGradient id=\"l\" cx=\".3\" cy=\"0\" r=\"1.1\">"
        + "<stop stop-color=\"#fff\" stop-opacity=\".11\"/>"
        + "<stop offset=\".55\" stop-color=\"#fff\" stop-opacity=\"0\"/>"
        + "<stop offset=\"1\" stop-color=\"#000\" stop-opacity=\".42\"/></radialGradient>"
        + "<filter id=\"g\"><feTurbulence type=\"fractalNoise\" baseFrequency=\".9\""
        + " numOctaves=\"2\"/><feColorMatrix type=\"saturate\" values=\"0\"/></filter></defs>";
  }
}
