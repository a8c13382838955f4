package dev.backline.sample.web;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A picture being drawn, element by element.
 *
 * <p>Numbers are rounded to a tenth, so that every JVM draws the same bytes and they all give the
 * picture the same tag.
 */
public final class Svg {
  private final StringBuilder text = new StringBuilder(8_192);

  /** Text as it stands: gradients, groups, whatever is clearer written out. */
  public Svg raw(String markup) {
    text.append(markup);
    return this;
  }

  /** An empty element of alternating attribute names and values. */
  public Svg element(String name, Object... attributes) {
    text.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"").append(shown(attributes[i + 1]));
      text.append('"');
    }
    text.append("/>");
    return this;
  }

  public Svg circle(double x, double y, double radius, String fill) {
    return element("circle", "cx", x, "cy", y, "r", radius, "fill", fill);
  }

  public Svg rectangle(double x, double y, double width, double height, String fill) {
    return element("rect", "x", x, "y", y, "width", width, "height", height, "fill", fill);
  }

  /** A path, its data given in pieces: letters and numbers. */
  public static String path(Object... pieces) {
    StringBuilder data = new StringBuilder();
    for (Object piece : pieces) {
      String shown = shown(piece);
      boolean afterDigit = !data.isEmpty() && !Character.isLetter(data.charAt(data.length() - 1));
      if (afterDigit && !Character.isLetter(shown.charAt(0)) && shown.charAt(0) != '-') {
        data.append(' ');
      }
      data.append(shown);
    }
    return data.toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** A number as it stands in a picture. */
  public static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String shown(Object value) {
    return value instanceof Double number ? number(number) : String.valueOf(value);
  }
}
