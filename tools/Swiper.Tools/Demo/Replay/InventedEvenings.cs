using Swiper.Client;


namespace Swiper.Tools.Demo.Replay;

/// <summary>
/// Evenings at which each woman meets each man and both decide; popular people are liked by most. All randomness is a function of the
/// seed and of who decides about whom, so that a file can be reproduced on any machine.
/// </summary>
internal sealed class InventedEvenings(int evenings, int couples, int seed)
{
    private const int YoungestAge = 21;
    private const int Ages = 25;

    // One in this many does not give an age.
    private const int Discreet = 12;

    public IEnumerable<DecisionRow> Rows()
    {
        for (var wave = 1; wave <= evenings; wave++)
        {
            // Women first: 1 to 7 and 8 to 14, then 15 to 21 and 22 to 28.
            var first = 2 * couples * (wave - 1) + 1;
            for (var order = 1; order <= couples; order++)
            {
                for (var seat = 0; seat < 2 * couples; seat++)
                {
                    var isWoman = seat < couples;
                    // At each turn the men move by one seat.
                    var partner = isWoman ? couples + (seat + order - 1) % couples : (seat - couples - order + 1 + couples) % couples;
                    yield return Row(wave, order, first + seat, isWoman ? Sex.Female : Sex.Male, first + partner);
                }
            }
        }
    }

    private DecisionRow Row(int wave, int order, int uid, Sex sex, int partner)
    {
        var isYes = SaysYes(uid, partner);
        return new DecisionRow(wave, order, new Decision(0, uid, sex, Age(uid), partner, isYes, isYes && SaysYes(partner, uid)));
    }

    private bool SaysYes(int uid, int partner) => Dice(uid, partner) < 0.15 + 0.6 * Dice(partner, 0);

    private int? Age(int uid) => Dice(uid, -1) * Discreet < 1 ? null : YoungestAge + (int)(Dice(uid, -2) * Ages);

    // Uniform from 0 to 1: the finalizer of SplitMix64.
    private double Dice(int one, int other)
    {
        var bits = unchecked(((ulong)(uint)seed << 48) ^ ((ulong)(uint)one << 24) ^ (ulong)other) * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return ((bits ^ (bits >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}

/// <summary>A decision as written to a file.</summary>
/// <param name="Wave">The evening, from 1.</param>
/// <param name="Order">The turn of the evening, from 1.</param>
/// <param name="Decision">Its line number is not set yet.</param>
internal sealed record DecisionRow(int Wave, int Order, Decision Decision);
