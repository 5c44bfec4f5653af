package dev.taxon.train;

/**
 * How far a run has come.
 *
 * @param epochs epochs done
 * @param inner iterations done of the epoch under way
 * @param iters iterations done since the start of training
 */
public record Position(int epochs, int inner, long iters) {
    public static final Position START = new Position(0, 0, 0);
}
