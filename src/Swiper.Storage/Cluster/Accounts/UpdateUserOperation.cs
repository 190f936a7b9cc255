using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Applies a change to the stored profile.</summary>
internal sealed class UpdateUserOperation : PooledLaneOperation<UpdateUserOperation, ShardWriter, Outcome<CachedProfile>>
{
    private static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "nobody has this uid");

    private ClusterEngine _engine = null!;
    private ProfileChange _change = new();
    private DateOnly _today;
    private Outcome<Profile> _outcome;

    public long Uid { get; private set; }

    public static UpdateUserOperation Rent(ClusterEngine engine, long uid, ProfileChange change, DateOnly today)
    {
        var operation = RentInstance();
        (operation._engine, operation.Uid, operation._change, operation._today) = (engine, uid, change, today);
        return operation;
    }

    /// <summary>The new profile; null if the change is refused or there is no profile.</summary>
    public Profile? Apply(Profile? profile)
    {
        _outcome = profile is null ? NoSuchUser : _change.ApplyTo(profile, _today);
        return _outcome.IsOk ? _outcome.Value : null;
    }

    protected internal override void Execute(ShardWriter writer) => writer.Profiles.Add(this);

    protected override bool TryPublish(out Outcome<CachedProfile> result)
    {
        if (!_outcome.IsOk)
        {
            result = _outcome.Failure;
            return true;
        }
        var updated = new CachedProfile(_outcome.Value);
        _engine.People.Show(updated);
        _engine.Events.Tell(new HostEvent(HostEventKind.ProfileChanged, Uid, Subject: 0));
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
