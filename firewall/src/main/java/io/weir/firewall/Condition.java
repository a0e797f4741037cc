package io.weir.firewall;

import java.util.Set;

/** A condition on one field, known by a number; rules that say the same share it. */
abstract sealed class Condition {
  final int number;
  int users; // how many rules it stands in; written by the compiler

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
      int listener = evaluation.listener();
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

  /** The method is one of these. */
  static final class Method extends Condition {
    private final Set<String> methods;

    Method(int number, Set<String> methods) {
      super(number);
      this.methods = Set.copyOf(methods);
    }

    @Override
    boolean test(Evaluation evaluation) {
      return methods.contains(evaluation.request().method());
    }

    @Override
    int frequency() {
      return methods.contains("GET") ? 800 : 200;
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

  /** The host matches. */
  static final class Host extends OnText {
    Host(int number, TextMatcher matcher) {
      super(number, matcher);
    }

    @Override
    boolean test(Evaluation evaluation) {
      Text host = evaluation.host();
      return host.length() == 0 ? matcher.matchesAbsence() : matcher.matches(host);
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

  /** Any occurrence of the query parameter matches. */
  static final class Query extends OnText {
    final int name; // as the evaluation numbers the names that are asked for

    Query(int number, int name, TextMatcher matcher) {
      super(number, matcher);
      this.name = name;
    }

    @Override
    boolean test(Evaluation evaluation) {
      QueryText query = evaluation.query();
      boolean present = false;
      for (int i = 0; i < query.count(); i++) {
        if (query.name(i) == name) {
          present = true;
          if (matcher.matches(query.value(i))) {
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
