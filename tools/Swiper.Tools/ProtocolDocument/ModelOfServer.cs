using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>The model of the protocol as the server speaks it, from its opcode table and the types of its payloads.</summary>
internal static class ModelOfServer
{
    /// <summary>The table of the real server, composed on a throw-away folder and never started.</summary>
    public static OpcodeTable ReadTable()
    {
        var folder = Directory.CreateTempSubdirectory("swiper-protocol-").FullName;
        try
        {
            var app = Composition.Build(new HostArguments("Development", [$"Storage:Data={folder}", "Tls:Enabled=false"]));
            using var disposal = (IDisposable)app;
            return app.Services.GetRequiredService<OpcodeTable>();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static ProtocolModel Of(OpcodeTable table)
    {
        var types = new TypeModels();
        var requests = table.Endpoints.Select(endpoint => RequestOf(endpoint, types)).ToList();
        var pushes = table.Pushes.Select(push => new WirePush(
            (int)push.Opcode, NameOf(push.Opcode), push.Meaning, push.IsNumbered, types.NameOf(push.PayloadType))).ToList();
        var codes = Enum.GetValues<StatusCode>().Select(code => CodeOf(code, types)).ToList();
        return new ProtocolModel(
            ServerIdentity.Protocol, Frames(), WireLimits.ByName, requests, pushes, types.Types, types.Enums, codes);
    }

    private static WireFrames Frames() => new(
        "u32, big-endian",
        [Envelope.RequestType, "id", "op", "args"],
        [Envelope.ReplyType, "id", "code", "data"],
        [Envelope.PushType, "op", "seq", "data"],
        MessagePackReader.MaxDepth,
        [.. Enum.GetValues<FrameFault>().Except([FrameFault.None]).Select(fault => fault.Rule())]);

    private static WireRequest RequestOf(Endpoint endpoint, TypeModels types)
    {
        var descriptor = endpoint.Descriptor;
        return new WireRequest
        {
            Opcode = (int)endpoint.Opcode,
            Name = NameOf(endpoint.Opcode),
            Description = TypeModels.DescriptionOf(endpoint.HandlerType)
                ?? throw new InvalidOperationException($"{endpoint.HandlerType} has no description"),
            Access = NameOf(descriptor.Access),
            Permission = descriptor.Permission is { } permission ? NameOf(permission) : null,
            ConditionalPermissions = descriptor.ConditionalPermissions is []
                ? null
                : descriptor.ConditionalPermissions.ToDictionary(condition => NameOf(condition.Permission), condition => condition.For),
            RateLimit = descriptor.RateLimit == RateLimit.None ? null : NameOf(descriptor.RateLimit),
            Cost = NameOf(descriptor.Cost),
            RunsAlone = descriptor.RunsAlone,
            AfterWrites = descriptor.AfterWrites,
            MayRepeat = descriptor.MayRepeat,
            SignsIn = descriptor.SignsIn,
            Args = types.NameOf(endpoint.RequestType),
            Data = types.NameOf(endpoint.ReplyType),
            Failures = [.. descriptor.AllFailures.Select(code => (int)code)],
        };
    }

    private static WireCode CodeOf(StatusCode code, TypeModels types) => new(
        (int)code, code.ToString(), TypeModels.DescriptionOf(typeof(StatusCode).GetField(code.ToString())!)!, types.NameOfFailure(code));

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
