package io.weir.daemon.service;

import io.weir.daemon.problem.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the lists that problems of a configuration are about. */
final class BrokenLists {
  private static final String LISTS = "lists.";

  /** The lists of a database are called by its kind, a colon, and what is looked up in it. */
  private static final String DATABASES = "firewall.databases.";

  private BrokenLists() {}

  /** Those among {@code lists} of which the problems tell. */
  static Set<String> of(List<Problem> problems, Set<String> lists) {
    Set<String> broken = new LinkedHashSet<>();
    for (Problem problem : problems) {
      String path = problem.path();
      if (path.startsWith(DATABASES)) {
        String kind = path.substring(DATABASES.length()) + ":";
        lists.stream().filter(list -> list.startsWith(kind)).forEach(broken::add);
      } else if (path.startsWith(LISTS)) {
        String list = list(path.substring(LISTS.length()), lists);
        if (list != null) {
          broken.add(list);
        }
      }
    }
    return broken;
  }

  /** Of names that a path may begin with, since they may have dots, the longest is meant. */
  private static @Nullable String list(String path, Set<String> lists) {
    String found = null;
    for (String list : lists) {
      boolean begins = path.startsWith(list);
      boolean whole =
          begins && (path.length() == list.length() || isEnd(path.charAt(list.length())));
      if (whole && (found == null || list.length() > found.length())) {
        found = list;
      }
    }
    return found;
  }

  private static boolean isEnd(char next) {
    return next == '.' || next == '[';
  }
}
