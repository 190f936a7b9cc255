using System.Net;
using System.Numerics;
using StackExchange.Redis;

namespace Swiper.Storage.Redis;

/// <summary>A Redis server and the groups that live on it.</summary>
internal sealed class RedisNode(EndPoint? endPoint, ulong groups)
{
    private volatile bool _isReachable;

    /// <summary>Its address; null if it is the only server.</summary>
    public EndPoint? EndPoint { get; } = endPoint;

    public ulong Groups { get; } = groups;

    /// <summary>The keys that route a call to it.</summary>
    public RedisKey[] Route { get; } = [UserGroups.KeyOf(BitOperations.TrailingZeroCount(groups))];

    /// <summary>Its groups as arguments of a script.</summary>
    public RedisValue[] GroupArguments { get; } = ArgumentsOf(groups);

    /// <summary>False from the first failure until a call has succeeded again, and before the first.</summary>
    public bool IsReachable
    {
        get => _isReachable;
        set => _isReachable = value;
    }

    public override string ToString() => EndPoint?.ToString() ?? "server";

    public static RedisValue[] ArgumentsOf(ulong groups)
    {
        var arguments = new RedisValue[BitOperations.PopCount(groups)];
        for (var index = 0; index < arguments.Length; index++, groups &= groups - 1)
            arguments[index] = BitOperations.TrailingZeroCount(groups);
        return arguments;
    }
}
