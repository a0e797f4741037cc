package io.weir.firewall;

import java.util.List;

/** A look at one field that makes rules candidates. */
sealed interface Probe {
  void run(Evaluation evaluation);

  /** Address conditions, all at once. */
  record Addresses() implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      evaluation.locate();
    }
  }

  /** The host. */
  record Hosts(TextIndex index) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      index.lookUp(evaluation.host(), evaluation);
    }
  }

  /** The path, in each of its readings. */
  record Paths(TextIndex index) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      evaluation.lookUpPath(index);
    }
  }

  /** Query parameters; an index for each name. */
  record Queries(List<TextIndex> indexes) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      QueryText query = evaluation.query();
      for (int i = 0; i < query.count(); i++) {
        indexes.get(query.name(i)).lookUp(query.value(i), evaluation);
      }
    }
  }

  /** The lines of one header. */
  record Header(String name, TextIndex index) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      evaluation.lookUpLines(name, index);
    }
  }

  /** The lines of many headers, in one pass over the request's. */
  record Headers(LiteralMap names, List<TextIndex> indexes) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      evaluation.lookUpAllLines(this);
    }
  }

  /** A condition that no index covers: it is asked itself, once for all its rules. */
  record Ask(Condition condition) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      evaluation.ask(condition);
    }
  }
}
