package dev.backline.sample.page;

import static dev.backline.sample.web.Svg.path;

import dev.backline.sample.page.Template.Markup;
import dev.backline.sample.web.Resources;
import dev.backline.sample.web.Svg;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The large picture of the landing page: a stage with its backline, in front of a loudspeaker that
 * rises like a sun.
 *
 * <p>The stage is drawn by hand in {@code hero.svg}; what consists of hundreds of strokes is drawn
 * here, always the same. At some 200 KB it is the site's big static file.
 */
final class HeroPicture {
  private static final long SEED = 11;

  /** The middle of the loudspeaker. */
  private static final double X = 1290;

  private static final double Y = 456;
  private static final double RADIUS = 318;

  private HeroPicture() {}

  static Buffer draw() {
    RandomGenerator random = new SplittableRandom(SEED);
    String picture =
        new Template(Resources.text("/site/hero.svg"))
            .fill(
                Map.of(
                    "rays", new Markup(rays()),
                    "cone", new Markup(cone()),
                    "footlights", new Markup(footlights()),
                    "back", new Markup(crowd(random, 1012, 0.84)),
                    "front", new Markup(crowd(random, 1078, 1.18)),
                    "dust", new Markup(dust(random))));
    return Buffer.buffer(picture);
  }

  /** A waveform bent around the loudspeaker. */
  private static String rays() {
    Svg svg = new Svg();
    int count = 420;
    for (int i = 0; i < count; i++) {
      double angle = 2 * StrictMath.PI * i / count;
      double loud =
          0.42
              + 0.26 * StrictMath.sin(angle * 7)
              + 0.2 * StrictMath.sin(angle * 19 + 1.3)
              + 0.24 * StrictMath.sin(angle * 43 + 0.4);
      double from = RADIUS + 20;
      double to = from + 10 + 88 * StrictMath.abs(loud);
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      String line = path("M", X + from * cos, Y + from * sin, "L", X + to * cos, Y + to * sin);
      svg.element("path", "d", line);
    }
    return svg.toString();
  }

  /** The folds of the cone: light above, dark below, closer towards the rim. */
  private static String cone() {
    Svg svg = new Svg();
    for (int i = 0; i < 46; i++) {
      double radius = 92 + 176 * StrictMath.sqrt(i / 45.0);
      svg.element(
          "circle",
          "cx",
          X,
          "cy",
          Y,
          "r",
          radius,
          "stroke",
          i % 2 == 0 ? "#fff3d6" : "#3a0a22",
          "stroke-opacity",
          i % 2 == 0 ? ".10" : ".26");
    }
    return svg.toString();
  }

  private static String footlights() {
    Svg svg = new Svg();
    for (int i = 0; i < 33; i++) {
      double x = 20 + i * 58.75;
      svg.element("ellipse", "cx", x, "cy", 896.0, "rx", 34.0, "ry", 12.0, "fill", "url(#foot)");
      svg.element("ellipse", "cx", x, "cy", 896.0, "rx", 5.0, "ry", 2.2, "fill", "#ffe9c4");
    }
    return svg.toString();
  }

  /** A row of people seen from behind; some have an arm up. */
  private static String crowd(RandomGenerator random, double base, double scale) {
    Svg svg = new Svg();
    for (double x = -30; x < 1950; x += scale * random.nextDouble(52, 86)) {
      double head = scale * random.nextDouble(21, 27);
      double y = base - scale * random.nextDouble(30, 74);
      double shoulders = head * random.nextDouble(2.0, 2.4);
      svg.element("ellipse", "cx", x, "cy", y, "rx", head * 0.84, "ry", head);
      String body =
          path("M", x - shoulders, 1090.0, "L", x - shoulders, y + head * 2.3, "Q", x - shoulders)
              + path(" ", y + head * 1.3, x - head * 0.42, y + head * 1.1, "L", x - head * 0.4)
              + path(" ", y + head * 0.6, "L", x + head * 0.4, y + head * 0.6)
              + path("L", x + head * 0.42, y + head * 1.1, "Q", x + shoulders, y + head * 1.3)
              + path(" ", x + shoulders, y + head * 2.3, "L", x + shoulders, 1090.0, "Z");
      svg.element("path", "d", body);
      if (random.nextInt(100) < 34) {
        arm(svg, random, x, y, head, shoulders);
      }
    }
    return svg.toString();
  }

  private static void arm(
      Svg svg, RandomGenerator random, double x, double y, double head, double shoulders) {
    double side = random.nextBoolean() ? 1 : -1;
    double elbowX = x + side * (shoulders + head * random.nextDouble(0.1, 0.5));
    double elbowY = y - head * random.nextDouble(0.1, 0.5);
    double handX = elbowX - side * head * random.nextDouble(-0.3, 0.7);
    double handY = elbowY - head * random.nextDouble(1.5, 2.2);
    String limb = path("M", x + side * shoulders * 0.72, y + head * 2.1, "L", elbowX, elbowY);
    svg.element("path", "d", limb, "stroke-width", head * 0.8);
    svg.element(
        "path", "d", path("M", elbowX, elbowY, "L", handX, handY), "stroke-width", head * 0.62);
    svg.element("circle", "cx", handX, "cy", handY - head * 0.06, "r", head * 0.34);
  }

  /** Dust in the light: denser and warmer near the loudspeaker. */
  private static String dust(RandomGenerator random) {
    Svg svg = new Svg();
    for (int i = 0; i < 1500; i++) {
      double angle = random.nextDouble(2 * StrictMath.PI);
      double far = StrictMath.abs(random.nextGaussian()) * 620;
      double x = X + far * StrictMath.cos(angle) * 1.25;
      double y = Y + far * StrictMath.sin(angle) * 0.8;
      if (x > 0 && x < 1920 && y > 0 && y < 880) {
        String opacity = Svg.number(0.1 + random.nextDouble() * 0.6);
        svg.element(
            "circle", "cx", x, "cy", y, "r", 0.6 + random.nextDouble() * 1.3, "opacity", opacity);
      }
    }
    return svg.toString();
  }
}
