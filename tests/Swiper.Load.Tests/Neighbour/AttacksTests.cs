using System.Net;
using System.Text.Json;
using Swiper.Core.Protocol;
using Swiper.Load.Neighbour;

namespace Swiper.Load.Tests.Neighbour;

public sealed class AttacksTests
{
    private static readonly AttackTarget Target = new(new IPEndPoint(IPAddress.Loopback, 1), "token", [1, 2], []);

    [Fact]
    public void Every_request_but_logout_is_one_of_an_attack()
    {
        // Which ends the token that the attacker has.
        int[] left = [(int)Opcode.Logout];
        using var protocol = JsonDocument.Parse(File.ReadAllText(SharedFiles.InRepository("docs", "protocol.json")));
        var requests = protocol.RootElement.GetProperty("requests").EnumerateArray()
            .Select(request => request.GetProperty("opcode").GetInt32());

        Assert.Equal(requests.Except(left).Order(), Attacks.All.SelectMany(OpcodesOf).Distinct().Order());
    }

    [Fact]
    public void Attacks_have_names_of_their_own() => Assert.Distinct(Attacks.All.Select(attack => attack.Name));

    private static IEnumerable<int> OpcodesOf(Attack attack)
    {
        if (attack.Requests is null)
            yield break;
        var requestOf = attack.Requests(Target);
        for (var number = 0; number < 2; number++)
        {
            var frame = requestOf(number).AsSpan(FrameReader.LengthPrefix);
            Assert.True(Envelope.TryReadRequest(frame, out _, out var opcode, out _));
            yield return opcode;
        }
    }
}
