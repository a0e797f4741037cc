package io.weir.firewall;

import io.weir.firewall.text.LiteralMap;
import io.weir.firewall.text.NamedTexts;
import io.weir.firewall.text.Text;
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

  /** A field of which a request has one or none. */
  record Single(Condition.TextField field, TextIndex index) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      Text text = evaluation.text(field);
      if (text != null) {
        index.lookUp(text, evaluation);
      }
    }
  }

  /** The path, in each of its readings. */
  record Paths(TextIndex index) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      evaluation.lookUpPath(index);
    }
  }

  /** Query parameters or cookies; an index for each name. */
  record Named(boolean cookies, List<TextIndex> indexes) implements Probe {
    @Override
    public void run(Evaluation evaluation) {
      NamedTexts texts = cookies ? evaluation.cookies() : evaluation.query();
      for (int i = 0; i < texts.count(); i++) {
        indexes.get(texts.name(i)).lookUp(texts.value(i), evaluation);
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
