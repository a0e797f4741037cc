package io.weir.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses a text format by what a scraper says it accepts (RFC 9110 section 12.5.1). */
final class FormatNegotiation {
  /*
   * OpenMetrics is only for who names it and does not prefer plain text; everyone else (no header,
   * wildcards, a browser, something unreadable) gets the old text format, which everything reads.
   * That is a weight per format: the most specific range that covers it decides.
   */
  private static final String OPENMETRICS = "application/openmetrics-text";
  private static final String TEXT = "text/plain";

  private double openMetrics;
  private double text;
  private int textSpecificity; // of the range that set the weight: */* 1, text/* 2, text/plain 3

  private FormatNegotiation() {}

  static Exposition.Format negotiate(@Nullable String accept) {
    if (accept == null) {
      return Exposition.Format.PROMETHEUS;
    }
    FormatNegotiation negotiation = new FormatNegotiation();
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      negotiation.consider(range);
    }
    return negotiation.openMetrics > 0 && negotiation.openMetrics >= negotiation.text
        ? Exposition.Format.OPENMETRICS
        : Exposition.Format.PROMETHEUS;
  }

  private void consider(String range) {
    String[] parts = range.split(";", -1);
    String type = parts[0].strip();
    double weight = weight(parts);
    switch (type) {
      case OPENMETRICS -> openMetrics = Math.max(openMetrics, weight);
      case TEXT -> considerText(3, weight);
      case "text/*" -> considerText(2, weight);
      case "*/*" -> considerText(1, weight);
      default -> {}
    }
  }

  private void considerText(int specificity, double weight) {
    if (specificity == textSpecificity) {
      text = Math.max(text, weight);
    } else if (specificity > textSpecificity) {
      textSpecificity = specificity;
      text = weight;
    }
  }

  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException _) {
          return 0; // not understood: not wanted
        }
      }
    }
    return 1;
  }
}
