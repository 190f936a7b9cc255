using Swiper.Core.Accounts;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>Creates a user in the user's shard; false if the user exists already.</summary>
internal sealed class CreateUserOperation : PooledLaneOperation<CreateUserOperation, ShardWriter, bool>
{
    private EmbeddedEngine _engine = null!;
    private Profile _profile = null!;
    private bool _created;

    public static CreateUserOperation Rent(EmbeddedEngine engine, Profile profile)
    {
        var operation = RentInstance();
        (operation._engine, operation._profile) = (engine, profile);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer)
    {
        _created = UserRow.Find(writer.FindUser, _profile.Uid) is null;
        if (_created)
            UserRow.Write(writer.PutUser, _profile);
    }

    protected override bool TryPublish(out bool result)
    {
        result = _created;
        if (_created)
            _engine.Directory.Show(new CachedProfile(_profile));
        return true;
    }

    protected override void Clear()
    {
        _profile = null!;
        _engine = null!;
    }
}
