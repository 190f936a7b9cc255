using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Fuzz;

/// <summary>Reading a payload as an action of its type, and writing again what could be read.</summary>
internal static class PayloadReads
{
    public static Action<byte[]> Of(Type payload) => typeof(PayloadReads)
        .GetMethod(nameof(ReadAndWrite))!.MakeGenericMethod(payload).CreateDelegate<Action<byte[]>>();

    public static void ReadAndWrite<T>(byte[] value)
        where T : IPayload<T>
    {
        var fields = new FieldReader(value);
        var payload = T.Read(ref fields);
        if (fields.Problem is not null)
            return;
        var writer = new MessagePackWriter(stackalloc byte[512]);
        payload.Write(ref writer);
        // What was read can be sent on, and is understood there.
        var again = new FieldReader(writer.Written);
        T.Read(ref again);
        if (again.Problem is { } problem)
            Assert.Fail($"{typeof(T).Name}: {problem} after it was read and written");
        writer.Dispose();
    }
}
