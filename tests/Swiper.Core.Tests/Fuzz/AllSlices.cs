using System.Reflection;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Tests.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Fuzz;

/// <summary>Every slice of the product, found by reflection, over stores that are all down.</summary>
internal static class AllSlices
{
    private static readonly MethodInfo CreateProxy = typeof(DispatchProxy).GetMethods()
        .Single(method => method.Name == nameof(DispatchProxy.Create) && method.GetGenericArguments().Length == 2);

    private static readonly Dictionary<Type, object> Services = new()
    {
        [typeof(TimeProvider)] = TimeProvider.System,
        [typeof(ServerIdentity)] = new ServerIdentity("swiper/test", () => 1, 65536, 256),
        [typeof(SessionRegistry)] = new SessionRegistry(),
        [typeof(CodeRules)] = CodeRules.Standard,
        [typeof(PermissionPolicy)] = PermissionPolicy.GrantAll,
    };

    public static OpcodeTable Table()
    {
        var table = new OpcodeTable();
        foreach (var type in typeof(ISlice).Assembly.GetTypes()
            .Where(type => type is { IsClass: true } && typeof(ISlice).IsAssignableFrom(type)))
        {
            var constructor = type.GetConstructors().Single();
            ((ISlice)constructor.Invoke([.. constructor.GetParameters().Select(parameter => Service(parameter.ParameterType))]))
                .Map(table);
        }
        return table;
    }

    /// <summary>Honest requests: of each opcode one for each sample of its args.</summary>
    public static List<byte[]> Requests(OpcodeTable table)
    {
        var requests = new List<byte[]>();
        foreach (var endpoint in table.Endpoints)
        {
            foreach (var args in Args(endpoint.RequestType))
                requests.Add(Wire.Request((uint)requests.Count * 1000, endpoint.Opcode, (ref writer) => writer.WriteRaw(args)));
        }
        return requests;
    }

    private static IEnumerable<byte[]> Args(Type request) => request == typeof(EchoPayload)
        ? MessagePackVector.All.Where(vector => vector.Kind == "array").SelectMany(vector => vector.Encodings)
        : PayloadSamples.Encoded(request);

    private static object Service(Type type)
    {
        if (Services.TryGetValue(type, out var service))
            return service;
        if (!type.IsInterface)
            throw new InvalidOperationException($"{nameof(AllSlices)} needs a {type.Name}");
        return CreateProxy.MakeGenericMethod(type, typeof(StoreThatIsDown)).Invoke(null, null)!;
    }

#pragma warning disable CA1852 // Proxies are made as subtypes of it at run time.
    internal class StoreThatIsDown : DispatchProxy
#pragma warning restore CA1852
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            throw new StoreUnavailableException($"{targetMethod?.Name} of a store that is down");
    }
}
