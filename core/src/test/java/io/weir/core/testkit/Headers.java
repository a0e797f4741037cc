package io.weir.core.testkit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Header lines in the order in which they came; names are compared without case. */
public record Headers(List<Header> lines) {
  public static final Headers NONE = new Headers(List.of());

  public Headers {
    lines = List.copyOf(lines);
  }

  /** The values of every line of that name. */
  public List<String> all(String name) {
    return lines.stream()
        .filter(line -> line.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  /** The value of the first line of that name. */
  public Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  public boolean has(String name) {
    return first(name).isPresent();
  }

  @Override
  public String toString() {
    return lines.stream().map(Header::toString).collect(Collectors.joining("\n"));
  }
}
