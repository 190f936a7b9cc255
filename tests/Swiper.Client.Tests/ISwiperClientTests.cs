using System.Reflection;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests;

public class ISwiperClientTests
{
    [Fact]
    public void All_that_a_client_can_do_can_be_put_in_its_place()
    {
        var promised = typeof(ISwiperClient).GetInterfaces().Prepend(typeof(ISwiperClient))
            .SelectMany(type => typeof(SwiperClient).GetInterfaceMap(type).TargetMethods).ToHashSet();

        // What a client was made with concerns whoever made it.
        var missing = typeof(SwiperClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !promised.Contains(method) && method.Name != "get_Options");

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Code_that_is_handed_a_client_can_be_tested_with_another()
    {
        var client = DispatchProxy.Create<ISwiperClient, Scripted>();
        ((Scripted)client).Swipe = (sid, kind) => sid switch
        {
            1 => new SwipeReply(Matched: kind == SwipeKind.Like, Repeated: false),
            _ => new Failure(StatusCode.NoSuchUser, "no user has this uid"),
        };

        Assert.Equal(1, await CountMatchesAsync(client, 1, 2));
    }

    private static async Task<int> CountMatchesAsync(ISwiperClient client, params long[] people)
    {
        var matches = 0;
        foreach (var person in people)
        {
            if (await client.TrySwipeAsync(person, SwipeKind.Like) is { IsOk: true, Value.Matched: true })
                matches++;
        }
        return matches;
    }

    /// <summary>As a mocking library makes them.</summary>
    public class Scripted : DispatchProxy
    {
        internal Func<long, SwipeKind, Outcome<SwipeReply>>? Swipe { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal(nameof(ISwiperClient.TrySwipeAsync), targetMethod!.Name);
            return new ValueTask<Outcome<SwipeReply>>(Swipe!((long)args![0]!, (SwipeKind)args[1]!));
        }
    }
}
