package io.weir.firewall;

import io.weir.firewall.config.WeekTimes;
import io.weir.firewall.text.NamedTexts;
import io.weir.firewall.text.Text;
import io.weir.firewall.text.TextMatcher;
import java.util.Set;

/** A condition on one field, known by a number; rules that say the same share it. */
abstract sealed class Condition {
  final int number;
  int users; // how many rules it stands in; written by the compiler
  String words = ""; // as the configuration says it; written by the compiler
  String field = ""; // what it looks at, in the same words
  boolean secret; // whether what stands there is for nobody's eyes

  Condition(int number) {
    this.number = number;
  }

  /** Whether it holds for the request, and the reading of its path, that is looked at. */
  abstract boolean test(Evaluation evaluation);

  /** Roughly how often it holds, as 1 in 1000; only used to choose what to look up rules by. */
  abstract int frequency();

  /** Whether it can be asked of a connection, before there is a request. */
  boolean needsRequest() {
    return true;
  }

  boolean readsPath() {
    return false;
  }

  boolean readsJa4() {
    return false;
  }

  /** Whether a ClientHello tells whether it holds. */
  boolean readsHello() {
    return false;
  }

  /** The client's address is in a set. The evaluation looks up all such conditions at once. */
  static final class Ip extends Condition {
    private final int frequency;

    Ip(int number, int frequency) {
      super(number);
      this.frequency = frequency;
    }

    @Override
    boolean test(Evaluation evaluation) {
      return evaluation.isLocatedIn(this);
    }

    @Override
    int frequency() {
      return frequency;
    }

    @Override
    boolean needsRequest() {
      return false;
    }
  }

  /** The listener is one of these. */
  static final class Listener extends Condition {
    private final boolean[] listeners;

    Listener(int number, boolean[] listeners) {
      super(number);
      this.listeners = listeners;
    }

    @Override
    boolean test(Evaluation evaluation) {
      return isOneOf(evaluation.listener());
    }

    boolean isOneOf(int listener) {
      return listener >= 0 && listener < listeners.length && listeners[listener];
    }

    @Override
    int frequency() {
      return 400;
    }

    @Override
    boolean needsRequest() {
      return false;
    }
  }

  /** A field that has one of a few words. */
  enum WordField {
    METHOD,
    PROTOCOL,
    TLS_VERSION,
    ROUTE
  }

  /** The field has one of these words. */
  static final class Word extends Condition {
    private final WordField wordField;
    private final Set<String> wanted;

    Word(int number, WordField field, Set<String> wanted) {
      super(number);
      wordField = field;
      this.wanted = Set.copyOf(wanted);
    }

    WordField field() {
      return wordField;
    }

    @Override
    boolean test(Evaluation evaluation) {
      String word = evaluation.word(wordField);
      return word != null && wanted.contains(word);
    }

    @Override
    int frequency() {
      return wordField == WordField.ROUTE
          ? 100
          : wordField == WordField.METHOD && !wanted.contains("GET") ? 200 : 800;
    }
  }

  /** The time of the week is in a schedule. */
  static final class Time extends Condition {
    private final WeekClock clock;

    Time(int number, WeekTimes times) {
      super(number);
      clock = new WeekClock(times);
    }

    @Override
    boolean test(Evaluation evaluation) {
      return clock.holds(evaluation.epochMillis());
    }

    @Override
    int frequency() {
      return 400;
    }

    @Override
    boolean needsRequest() {
      return false;
    }
  }

  /** A condition on a text. */
  abstract static sealed class OnText extends Condition {
    final TextMatcher matcher;

    OnText(int number, TextMatcher matcher) {
      super(number);
      this.matcher = matcher;
    }

    @Override
    int frequency() {
      return matcher.frequency();
    }
  }

  /** A text of which a request has one or none. */
  enum TextField {
    HOST,
    RAW_PATH,
    SERVER_NAME,
    CLIENT_SUBJECT,
    JA4;

    static final int COUNT = values().length;
  }

  /** The field matches. */
  static final class Single extends OnText {
    final TextField textField;

    Single(int number, TextField field, TextMatcher matcher) {
      super(number, matcher);
      textField = field;
    }

    @Override
    boolean test(Evaluation evaluation) {
      Text text = evaluation.text(textField);
      return text == null ? matcher.matchesAbsence() : matcher.matches(text);
    }

    @Override
    boolean readsJa4() {
      return textField == TextField.JA4;
    }

    @Override
    boolean readsHello() {
      return textField == TextField.JA4 || textField == TextField.SERVER_NAME;
    }

    @Override
    int frequency() {
      return 2 * super.frequency(); // there are fewer hosts than paths
    }
  }

  /** The reading of the path that is looked at matches. */
  static final class Path extends OnText {
    Path(int number, TextMatcher matcher) {
      super(number, matcher);
    }

    @Override
    boolean test(Evaluation evaluation) {
      return matcher.matches(evaluation.path());
    }

    @Override
    boolean readsPath() {
      return true;
    }
  }

  /** Any occurrence of the query parameter, or of the cookie, matches. */
  static final class Named extends OnText {
    final boolean cookie;
    final int name; // as the evaluation numbers the names that are asked for

    Named(int number, boolean cookie, int name, TextMatcher matcher) {
      super(number, matcher);
      this.cookie = cookie;
      this.name = name;
    }

    @Override
    boolean test(Evaluation evaluation) {
      NamedTexts texts = cookie ? evaluation.cookies() : evaluation.query();
      boolean present = false;
      for (int i = 0; i < texts.count(); i++) {
        if (texts.name(i) == name) {
          present = true;
          if (matcher.matches(texts.value(i))) {
            return true;
          }
        }
      }
      return !present && matcher.matchesAbsence();
    }
  }

  /** Any line of that name matches. */
  static final class Header extends OnText {
    final String name;

    Header(int number, String name, TextMatcher matcher) {
      super(number, matcher);
      this.name = name;
    }

    @Override
    boolean test(Evaluation evaluation) {
      return evaluation.anyHeader(name, matcher)
          || (matcher.matchesAbsence() && evaluation.request().header(name) == null);
    }
  }
}
