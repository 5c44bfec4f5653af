package dev.taxon.optim;

/**
 * What an optimizer remembers of one parameter beside its tensors. An optimizer uses those that PyTorch names in its
 * state.
 *
 * @param step steps taken
 * @param muProduct NAdam's product of momenta, in float32
 * @param eta ASGD's rate of the next step, in float32
 * @param mu ASGD's weight of the next value in the average, in float32
 */
public record StepState(long step, float muProduct, float eta, float mu) {
    StepState next() {
        return new StepState(step + 1, muProduct, eta, mu);
    }
}
