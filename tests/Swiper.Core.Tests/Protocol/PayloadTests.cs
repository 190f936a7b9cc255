using System.Reflection;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

/// <summary>
/// Every payload there is, found by reflection: a new one is covered as soon as it exists. One whose constructor's parameters do not
/// tell what a valid value is needs a line in <see cref="PayloadSamples"/>.
/// </summary>
public sealed class PayloadTests
{
    public static TheoryData<Type> Payloads => [.. All.Where(type => !type.IsByRefLike)];

    // Those of the slices, and the two of the codec that have no fields.
    internal static IEnumerable<Type> All => typeof(ISlice).Assembly.GetTypes().Concat([typeof(NoArgs), typeof(NoData)]).Where(type =>
        // A stored push is written only: what kind of payload it has is not known.
        type is { IsInterface: false, IsAbstract: false, ContainsGenericParameters: false } && type != typeof(StoredPush)
        && type.GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IPayload<>)));

    [Fact]
    public void Echo_is_the_only_payload_that_needs_tests_of_its_own() =>
        Assert.Equal([typeof(EchoPayload)], All.Where(type => type.IsByRefLike));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void What_is_written_reads_equal(Type payload) => Run(payload, nameof(PayloadCase<>.ReadsWhatItWrote));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Extra_trailing_elements_are_ignored(Type payload) => Run(payload, nameof(PayloadCase<>.IgnoresExtraElements));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_missing_field_is_a_problem_of_its_name_or_takes_its_default(Type payload) =>
        Run(payload, nameof(PayloadCase<>.KnowsWhatIsMissing));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_field_of_a_wrong_type_is_a_problem_of_its_name(Type payload) => Run(payload, nameof(PayloadCase<>.NamesWrongTypes));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void What_is_no_array_is_a_problem(Type payload) => Run(payload, nameof(PayloadCase<>.RefusesWhatIsNoArray));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void The_bounds_of_a_field_are_those_that_its_attributes_declare(Type payload) =>
        Run(payload, nameof(PayloadCase<>.KeepsItsBounds));

    [Fact]
    public void Echo_answers_the_same_bytes_whatever_they_are()
    {
        foreach (var bytes in MessagePackVector.All.Where(vector => vector.Kind == "array").SelectMany(vector => vector.Encodings))
        {
            var fields = new FieldReader(bytes);
            var written = new MessagePackWriter([]);
            EchoPayload.Read(ref fields).Write(ref written);
            Assert.Null(fields.Problem);
            Assert.Equal(bytes, written.Written);
            written.Dispose();
        }
    }

    private static void Run(Type payload, string test)
    {
        try
        {
            typeof(PayloadCase<>).MakeGenericType(payload).GetMethod(test)!.Invoke(null, null);
        }
        catch (TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
    }
}
