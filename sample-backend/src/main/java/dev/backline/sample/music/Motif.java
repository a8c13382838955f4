package dev.backline.sample.music;

import static dev.backline.sample.web.Svg.path;

import dev.backline.sample.web.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What is on the covers of a genre, in a square of 400. */
enum Motif {
  /** Garage: a loudspeaker's grille in halftone. */
  GRILLE {
    @Override
    void draw(Svg svg, Palette colours, RandomGenerator random) {
      double x = random.nextDouble(120, 280);
      double y = random.nextDouble(130, 270);
      double reach = random.nextDouble(190, 250);
      svg.circle(x, y, reach * 0.62, colours.bright());
      for (int row = 0; row < 24; row++) {
        for (int column = 0; column < 24; column++) {
          double px = column * 17.4 + (row % 2) * 8.7;
          double py = row * 17.4;
          double far = StrictMath.hypot(px - x, py - y) / reach;
          double radius = 7.6 * (1 - far);
          if (radius > 0.7) {
            svg.circle(px, py, radius, far < 0.58 ? colours.deep() : colours.second());
          }
        }
      }
      svg.circle(x, y, reach * 0.13, colours.pale());
    }
  },

  /** Ambient: lamps out of focus. */
  LAMPS {
    @Override
    void draw(Svg svg, Palette colours, RandomGenerator random) {
      double horizon = random.nextDouble(230, 290);
      svg.element(
          "rect",
          "y",
          horizon,
          "width",
          400,
          "height",
          400 - horizon,
          "fill",
          colours.deep(),
          "opacity",
          ".55");
      for (int i = 0; i < 34; i++) {
        double near = random.nextDouble();
        double x = random.nextDouble(-20, 420);
        double y = horizon - 26 + near * near * 190;
        double radius = 9 + near * near * 62;
        svg.element(
            "circle",
            "cx",
            x,
            "cy",
            y,
            "r",
            radius,
            "fill",
            "url(#o)",
            "opacity",
            0.9 - near * 0.35);
      }
      svg.circle(random.nextDouble(90, 310), random.nextDouble(80, 130), 34, colours.pale());
    }
  },

  /** Synth pop: a sun in slices over a road of lines. */
  SUN {
    @Override
    void draw(Svg svg, Palette colours, RandomGenerator random) {
      double x = random.nextDouble(150, 250);
      double horizon = random.nextDouble(250, 285);
      double radius = random.nextDouble(108, 138);
      svg.circle(x, horizon - radius * 0.55, radius, "url(#s)");
      for (int i = 0; i < 7; i++) {
        svg.rectangle(0, horizon - 92 + i * 15, 400, 2.2 + i * 1.5, colours.dusk());
      }
      svg.rectangle(0, horizon, 400, 400 - horizon, colours.deep());
      for (int i = -9; i <= 9; i++) {
        String line = path("M", x + i * 12, horizon, "L", x + i * 92, 400.0);
        svg.element("path", "d", line, "stroke", colours.bright(), "stroke-width", 1.6);
      }
      for (int i = 0; i < 6; i++) {
        double y = horizon + 4 + i * i * 4.6;
        svg.rectangle(0, y, 400, 1.2 + i * 0.3, colours.bright());
      }
    }
  },

  /** Post-rock: ridge behind ridge, and something rising. */
  RIDGES {
    @Override
    void draw(Svg svg, Palette colours, RandomGenerator random) {
      svg.circle(random.nextDouble(110, 290), random.nextDouble(105, 150), 62, "url(#s)");
      List<String> fills =
          List.of(colours.second(), colours.second(), colours.dusk(), colours.deep());
      for (int layer = 0; layer < fills.size(); layer++) {
        double base = 190 + layer * 48;
        List<Object> ridge = new ArrayList<>(List.of("M", 0.0, 400.0, "L", 0.0, base));
        for (double x = 0; x < 400; x += 25 + random.nextDouble(32)) {
          ridge.addAll(List.of("L", x, base - random.nextDouble(74) + layer * 6));
        }
        ridge.addAll(List.of("L", 400.0, base, "L", 400.0, 400.0, "Z"));
        svg.element(
            "path",
            "d",
            path(ridge.toArray()),
            "fill",
            fills.get(layer),
            "opacity",
            0.3 + layer * 0.22);
      }
    }
  },

  /** Shoegaze: one line drawn again and again, each time a little further out. */
  SWELL {
    @Override
    void draw(Svg svg, Palette colours, RandomGenerator random) {
      double centre = random.nextDouble(140, 260);
      double phase = random.nextDouble(6);
      for (int i = 0; i < 26; i++) {
        double y = 70 + i * 11;
        List<Object> line = new ArrayList<>(List.of("M", -10.0, y));
        for (double x = -10; x <= 410; x += 14) {
          double bell = StrictMath.exp(-StrictMath.pow((x - centre) / 78, 2));
          double wave = StrictMath.sin(x / 23 + phase + i * 0.34) + 0.8;
          line.addAll(List.of("L", x, y - bell * wave * 38));
        }
        svg.element(
            "path",
            "d",
            path(line.toArray()),
            "fill",
            colours.deep(),
            "fill-opacity",
            ".5",
            "stroke",
            i % 5 == 2 ? colours.bright() : colours.second(),
            "stroke-width",
            2.2,
            "stroke-linejoin",
            "round");
      }
    }
  },

  /** Dub: echoes, each larger and fainter than the one before. */
  ECHOES {
    @Override
    void draw(Svg svg, Palette colours, RandomGenerator random) {
      double x = random.nextDouble(110, 190);
      double y = random.nextDouble(210, 280);
      for (int i = 13; i >= 0; i--) {
        double radius = 26 + i * 19.5;
        String stroke = i % 4 == 1 ? colours.bright() : colours.second();
        svg.element(
            "circle",
            "cx",
            x + i * 7.5,
            "cy",
            y - i * 7,
            "r",
            radius,
            "fill",
            "none",
            "stroke",
            stroke,
            "stroke-width",
            12 - i * 0.7,
            "opacity",
            1 - i * 0.062);
      }
      svg.circle(x, y, 17, colours.pale());
    }
  },

  /** Math rock: tiles that nearly repeat. */
  TILES {
    @Override
    void draw(Svg svg, Palette colours, RandomGenerator random) {
      List<String> fills =
          List.of(colours.bright(), colours.second(), colours.pale(), colours.dusk());
      double side = 74;
      for (int row = 0; row < 5; row++) {
        for (int column = 0; column < 5; column++) {
          String fill = fills.get(Math.min(fills.size() - 1, random.nextInt(5)));
          double x = 15 + column * side;
          double y = 15 + row * side;
          String quarter =
              path("M", 0.0, 0.0, "L", 71.0, 0.0, "A", 71.0, 71.0, 0, 0, 1, 0.0, 71.0, "Z");
          String turn = " rotate(" + 90 * random.nextInt(4) + " 35.5 35.5)";
          svg.element(
              "path",
              "d",
              quarter,
              "fill",
              fill,
              "transform",
              "translate(" + x + " " + y + ")" + turn);
        }
      }
    }
  },

  /** Folk: leaves on a stem. */
  LEAVES {
    @Override
    void draw(Svg svg, Palette colours, RandomGenerator random) {
      svg.circle(200 + random.nextDouble(-50, 50), 160, 104, "url(#s)");
      double lean = random.nextDouble(-26, 26);
      String stem = path("M", 200 - lean, 400.0, "Q", 200 + lean, 250.0, 200 + lean, 92.0);
      svg.element("path", "d", stem, "fill", "none", "stroke", colours.pale(), "stroke-width", 3.4);
      for (int i = 0; i < 15; i++) {
        double down = i / 14.0;
        double x = 200 + lean - 2 * lean * down * down;
        double y = 96 + 270 * down;
        double length = 46 + 62 * StrictMath.sin(0.5 + down * 2.2) + random.nextDouble(10);
        double angle = (i % 2 == 0 ? -28 : 208) + random.nextDouble(-9, 9);
        String leaf =
            path("M", 0.0, 0.0, "Q", length * 0.45, -length * 0.3, length, 0.0)
                + path("Q", length * 0.45, length * 0.3, 0.0, 0.0, "Z");
        svg.element(
            "path",
            "d",
            leaf,
            "fill",
            i % 3 == 0 ? colours.pale() : colours.second(),
            "opacity",
            0.94,
            "transform",
            "translate("
                + Svg.number(x)
                + " "
                + Svg.number(y)
                + ") rotate("
                + Svg.number(angle)
                + ")");
      }
    }
  };

  abstract void draw(Svg svg, Palette colours, RandomGenerator random);

  static Motif of(String genre) {
    return switch (genre) {
      case "Garage" -> GRILLE;
      case "Ambient" -> LAMPS;
      case "Synth pop" -> SUN;
      case "Post-rock" -> RIDGES;
      case "Shoegaze" -> SWELL;
      case "Dub" -> ECHOES;
      case "Math rock" -> TILES;
      case "Folk" -> LEAVES;
      default -> throw new AssertionError("no motif for genre: " + genre);
    };
  }
}
