package io.weir.firewall;

import io.weir.firewall.address.AddressMap;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.limit.KeyHasher;
import io.weir.firewall.text.AhoCorasick;
import io.weir.firewall.text.NamedTexts;
import io.weir.firewall.text.Text;
import io.weir.firewall.text.TextMatcher;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One look of the rules at one request or connection; the memory of a worker, reused. */
final class Evaluation implements HeaderPredicate, AhoCorasick.Sink, HeaderVisitor {
  /*
   * Results of conditions are remembered under the number of the look, so that forgetting them is
   * counting on. A look has one number for what is the same for all readings of the path, and one
   * for each reading.
   */
  private static final int MOST_READINGS = 64;
  private static final int LAST_NUMBER = (Integer.MAX_VALUE >>> 1) - 2 * MOST_READINGS;

  private final Conditions conditions;
  private final int[] results; // of each condition: number of the look << 1 | result
  private final int[] reached; // of each condition: the look in which its rules became candidates
  private final RuleCandidates candidates;
  private final KeyHasher hasher = new KeyHasher();

  private int look = 1;
  private int reading;
  private int readings = 1;
  private @Nullable RequestView request;
  private @Nullable ClientAddress client;
  private int listener;
  private long epochMillis;
  private @Nullable RuleProgram program;

  private boolean located;
  private final Text path = new Text();
  private int pathOf = -1; // the reading that it holds
  private final @Nullable Text[] texts = new Text[Condition.TextField.COUNT]; // null: absent
  private final Text[] textMemory = new Text[Condition.TextField.COUNT];
  private int textsRead; // a bit for each field
  private final NamedTexts query = new NamedTexts();
  private boolean queryRead;
  private final NamedTexts cookies = new NamedTexts();
  private boolean cookiesRead;
  private final HeaderPredicate cookieLines = this::addCookies;
  private final OneValue header = new OneValue();
  private final Text line = new Text();
  private char[] backwards = new char[64];
  private @Nullable TextMatcher wanted; // of a header line; null while lines are looked up
  private @Nullable TextIndex lines;
  private Probe.@Nullable Headers allLines;

  Evaluation(Conditions conditions, int rules) {
    this.conditions = conditions;
    results = new int[conditions.count()];
    reached = new int[conditions.count()];
    candidates = new RuleCandidates(rules);
    Arrays.setAll(textMemory, i -> new Text());
  }

  /* Begin and end. */

  void begin(RuleProgram of, RequestView view) {
    begin(of, view.client(), view.listener(), view.epochMillis());
    request = view;
    readings = of.readsPath() ? view.target().readingCount() : 1;
  }

  /** Looks at a request for its conditions alone, and at its canonical path only. */
  void begin(RequestView view) {
    begin(null, view.client(), view.listener(), view.epochMillis());
    request = view;
  }

  void begin(@Nullable RuleProgram of, ClientAddress address, int listenerIndex, long millis) {
    look += readings + 1;
    if (look > LAST_NUMBER) {
      Arrays.fill(results, 0);
      Arrays.fill(reached, 0);
      look = 1;
    }
    candidates.clear();
    program = of;
    client = address;
    listener = listenerIndex;
    epochMillis = millis;
    readings = 1;
    reading = 0;
    located = false;
    pathOf = -1;
    textsRead = 0;
    queryRead = false;
    cookiesRead = false;
  }

  /** Counts on as that many looks would, for a test of the end of the numbers. */
  void skipLooks(int count) {
    look += count;
  }

  /** Lets go of the request. */
  void end() {
    request = null;
    client = null;
    program = null;
  }

  /* Fields. */

  RequestView request() {
    RequestView view = request;
    if (view == null) {
      throw new IllegalStateException("a rule of connections asks for a request");
    }
    return view;
  }

  ClientAddress client() {
    ClientAddress address = client;
    if (address == null) {
      throw new IllegalStateException("no evaluation is under way");
    }
    return address;
  }

  int listener() {
    return listener;
  }

  long epochMillis() {
    return epochMillis;
  }

  Text path() {
    if (pathOf != reading) {
      path.set(request().target().reading(reading));
      pathOf = reading;
    }
    return path;
  }

  /** The field's text; null if the request has none. */
  @Nullable Text text(Condition.TextField field) {
    int place = field.ordinal();
    if ((textsRead >>> place & 1) == 0) {
      textsRead |= 1 << place;
      String value = value(field);
      if (value != null) {
        textMemory[place].set(value);
      }
      texts[place] = value == null ? null : textMemory[place];
    }
    return texts[place];
  }

  private @Nullable String value(Condition.TextField field) {
    RequestView view = request();
    return switch (field) {
      case HOST -> view.host().isEmpty() ? null : view.host();
      case RAW_PATH -> view.target().original();
      case SERVER_NAME -> view.serverName();
      case CLIENT_SUBJECT -> view.clientSubject();
      case JA4 -> view.ja4();
    };
  }

  /** The field's word; null if the request has none. */
  @Nullable String word(Condition.WordField field) {
    RequestView view = request();
    return switch (field) {
      case METHOD -> view.method();
      case PROTOCOL -> view.protocol();
      case TLS_VERSION -> view.tlsVersion();
      case ROUTE -> view.route();
    };
  }

  NamedTexts cookies() {
    if (!cookiesRead) {
      cookiesRead = true;
      cookies.clear();
      request().anyHeader("cookie", cookieLines);
    }
    return cookies;
  }

  private boolean addCookies(CharSequence value) {
    cookies.addCookies(value, conditions.cookieNames());
    return false;
  }

  NamedTexts query() {
    if (!queryRead) {
      String raw = request().target().query();
      if (raw == null) {
        query.clear();
      } else {
        query.readQuery(raw, conditions.queryNames());
      }
      queryRead = true;
    }
    return query;
  }

  KeyHasher hasher() {
    return hasher;
  }

  /** The text that a condition looks at, the one that it finds if there are several. */
  @Nullable Text textOf(Condition.OnText condition) {
    return switch (condition) {
      case Condition.Single single -> text(single.textField);
      case Condition.Path ignored -> path();
      case Condition.Named named -> valueOf(named);
      case Condition.Header header ->
          anyHeader(header.name, header.matcher) || anyHeader(header.name) ? line : null;
    };
  }

  private @Nullable Text valueOf(Condition.Named named) {
    NamedTexts all = named.cookie ? cookies() : query();
    int first = -1;
    for (int i = all.count() - 1; i >= 0; i--) {
      if (all.name(i) == named.name) {
        first = i;
        if (named.matcher.matches(all.value(i))) {
          break;
        }
      }
    }
    return first < 0 ? null : all.value(first);
  }

  /* Header lines. */

  /** What all lines of that name say, until the next one is asked for. */
  OneValue header(String name) {
    header.read(request(), name);
    return header;
  }

  private boolean anyHeader(String name) {
    CharSequence first = request().header(name);
    if (first != null) {
      line.set(first);
    }
    return first != null;
  }

  boolean anyHeader(String name, TextMatcher matcher) {
    wanted = matcher;
    return request().anyHeader(name, this);
  }

  /** Makes the rules candidates that look for a text in a line of that name. */
  void lookUpLines(String name, TextIndex index) {
    wanted = null;
    lines = index;
    request().anyHeader(name, this);
  }

  /** A header line: either wanted, or to be looked up. */
  @Override
  public boolean test(CharSequence value) {
    line.set(value);
    TextMatcher matcher = wanted;
    if (matcher != null) {
      return matcher.matches(line);
    }
    TextIndex index = lines;
    if (index != null) {
      index.lookUp(line, this);
    }
    return false;
  }

  /** The same for many names. */
  void lookUpAllLines(Probe.Headers headers) {
    allLines = headers;
    request().eachHeader(this);
    allLines = null;
  }

  @Override
  public void visit(CharSequence name, CharSequence value) {
    Probe.Headers headers = allLines;
    if (headers == null) {
      return;
    }
    line.set(name);
    char[] chars = line.memory();
    int hash = 0;
    for (int i = line.from(); i < line.to(); i++) {
      char c = chars[i];
      chars[i] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
      hash = 31 * hash + chars[i];
    }
    int[] found = headers.names().get(chars, line.from(), line.to(), hash);
    if (found.length > 0) {
      line.set(value);
      headers.indexes().get(found[0]).lookUp(line, this);
    }
  }

  /* Conditions. */

  boolean holds(Condition condition) {
    int number = condition.readsPath() ? look + 1 + reading : look;
    int known = results[condition.number];
    if (known >>> 1 == number) {
      return (known & 1) != 0;
    }
    boolean result = condition.test(this);
    results[condition.number] = (number << 1) | (result ? 1 : 0);
    return result;
  }

  boolean isLocatedIn(Condition.Ip condition) {
    locate();
    return results[condition.number] == ((look << 1) | 1);
  }

  /** Finds all the conditions that hold for the client's address. */
  void locate() {
    if (located) {
      return;
    }
    located = true;
    AddressMap addresses = conditions.addresses();
    for (int node = addresses.find(client()); node >= 0; node = addresses.next(node)) {
      int condition = addresses.label(node);
      results[condition] = (look << 1) | 1;
      reach(condition);
    }
  }

  /** Whether a rule matches: one that allows in all readings of the path, others in any. */
  boolean matches(CompiledRule rule) {
    if (!rule.readsPath() || readings == 1) {
      reading = 0;
      return rule.matcher().test(this);
    }
    boolean all = rule.needsAllReadings();
    for (reading = 0; reading < readings; reading++) {
      if (rule.matcher().test(this) != all) {
        return !all;
      }
    }
    return all;
  }

  int readings() {
    return readings;
  }

  /** Turns to a reading of the path. */
  void lookAt(int which) {
    reading = which;
  }

  /* Candidates. */

  RuleCandidates candidates() {
    return candidates;
  }

  /** Makes the rules candidates that are looked up by this condition, which may hold. */
  void reach(int condition) {
    RuleProgram current = program;
    if (current != null && reached[condition] != look) {
      reached[condition] = look;
      candidates.addAll(current.rulesBy(condition));
    }
  }

  @Override
  public void found(int condition) {
    reach(condition);
  }

  /** Scratch memory for that many characters. */
  char[] backwards(int length) {
    if (backwards.length < length) {
      backwards = new char[length];
    }
    return backwards;
  }

  /** Looks at each reading of the path in turn. */
  void lookUpPath(TextIndex index) {
    for (reading = 0; reading < readings; reading++) {
      index.lookUp(path(), this);
    }
    reading = 0;
  }

  /** Asks a condition itself whether its rules are candidates. */
  void ask(Condition condition) {
    int count = condition.readsPath() ? readings : 1;
    for (reading = 0; reading < count; reading++) {
      if (holds(condition)) {
        reach(condition.number);
      }
    }
    reading = 0;
  }
}
