using Swiper.Core.Accounts;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Creates a user in the user's shard; false if the user exists already.</summary>
internal sealed class CreateUserOperation : PooledLaneOperation<CreateUserOperation, ShardWriter, bool>
{
    private ClusterEngine _engine = null!;
    private Profile _profile = null!;
    private bool _created;

    public static CreateUserOperation Rent(ClusterEngine engine, Profile profile)
    {
        var operation = RentInstance();
        (operation._engine, operation._profile) = (engine, profile);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        _created = UserRow.TryInsert(writer.Connection, _profile);
        if (_created)
            writer.Events.Add(new HostEvent(HostEventKind.ProfileChanged, _profile.Uid, Subject: 0));
    }

    protected override bool TryPublish(out bool result)
    {
        result = _created;
        if (_created)
        {
            _engine.People.Show(new CachedProfile(_profile));
            _engine.Events.Tell(new HostEvent(HostEventKind.ProfileChanged, _profile.Uid, Subject: 0));
        }
        else
        {
            // Created by another host, or by this one in a commit whose reply was lost.
            _engine.Accounts.HearOfChange(_profile.Uid);
        }
        return true;
    }

    protected override void Clear()
    {
        _profile = null!;
        _engine = null!;
    }
}
