using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>Applies a change to the stored profile.</summary>
internal sealed class UpdateUserOperation : PooledLaneOperation<UpdateUserOperation, ShardWriter, Outcome<CachedProfile>>
{
    private static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "nobody has this uid");

    private EmbeddedEngine _engine = null!;
    private ProfileChange _change = new();
    private DateOnly _today;
    private long _uid;
    private Outcome<Profile> _outcome;

    public static UpdateUserOperation Rent(EmbeddedEngine engine, long uid, ProfileChange change, DateOnly today)
    {
        var operation = RentInstance();
        (operation._engine, operation._uid, operation._change, operation._today) = (engine, uid, change, today);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        _outcome = UserRow.Find(writer.FindUser, _uid) is { } profile ? _change.ApplyTo(profile, _today) : NoSuchUser;
        if (_outcome.IsOk)
            UserRow.Write(writer.PutUser, _outcome.Value);
    }

    protected override bool TryPublish(out Outcome<CachedProfile> result)
    {
        if (!_outcome.IsOk)
        {
            result = _outcome.Failure;
            return true;
        }
        var updated = new CachedProfile(_outcome.Value);
        _engine.Directory.Show(updated);
        result = updated;
        return true;
    }

    protected override void Clear()
    {
        _change = new ProfileChange();
        _outcome = default;
        _engine = null!;
    }
}
