namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// Matches that were found but whose rows are not both durable yet. Both sides of a match may find it concurrently; the claim decides
/// which of the two swipes completed it.
/// </summary>
internal sealed class MatchClaims
{
    private const int Rows = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<(long Low, long High), (long Completer, int RowsLeft)> _claims = [];

    /// <summary>True for the first to claim this pair, in either order.</summary>
    public bool TryClaim(long completer, long other)
    {
        lock (_gate)
            return _claims.TryAdd(Pair(completer, other), (completer, Rows));
    }

    /// <summary>Withdraws a claim on what turned out to be an older match.</summary>
    public void Withdraw(long completer, long other)
    {
        lock (_gate)
            _claims.Remove(Pair(completer, other));
    }

    /// <summary>One of the two rows is durable; the claim ends with the second.</summary>
    public void RowWritten(long uid, long other)
    {
        lock (_gate)
        {
            var pair = Pair(uid, other);
            if (!_claims.TryGetValue(pair, out var claim))
                return;
            if (claim.RowsLeft == 1)
                _claims.Remove(pair);
            else
                _claims[pair] = claim with { RowsLeft = claim.RowsLeft - 1 };
        }
    }

    /// <summary>The user who completed a currently claimed match, or null.</summary>
    public long? CompleterOf(long uid, long other)
    {
        lock (_gate)
            return _claims.TryGetValue(Pair(uid, other), out var claim) ? claim.Completer : null;
    }

    private static (long Low, long High) Pair(long a, long b) => a < b ? (a, b) : (b, a);
}
