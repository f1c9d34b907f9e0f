using AiGateway.Api.Errors;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>Failures are a closed list with one table.</summary>
public sealed class ErrorTests
{
    // Stops the start, long before there is a request to fail.
    private static readonly Type[] BeforeAnyRequest = [typeof(ConfigurationFaultsException), typeof(PriceFileException)];

    [Test]
    public void Exceptions_Carry_ACodeOfTheList() => Assert.That(WithoutCode(Product.Types.Except(BeforeAnyRequest)), Is.Empty);

    [Test]
    public void Rule_ForAnExceptionWithoutCode_NamesIt() =>
        Assert.That(WithoutCode([typeof(WrongException), typeof(InvalidRequestException)]), Is.EqualTo([nameof(WrongException)]));

    [TestCaseSource(nameof(Codes))]
    public void Codes_Have_ARowWithAnErrorStatus(ErrorCode code) => Assert.That(ErrorTable.Of(code).Status, Is.InRange(400, 599));

    [Test]
    public void Codes_Have_NamesOfTheirOwn() => Assert.That(Codes().Select(code => code.ToName()), Is.Unique.And.All.Match("^[a-z]+(_[a-z]+)*$"));

    private static ErrorCode[] Codes() => Enum.GetValues<ErrorCode>();

    private static IEnumerable<string> WithoutCode(IEnumerable<Type> types) =>
        types.Where(type => type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(AiGatewayException))).Select(type => type.Name);

    private sealed class WrongException() : Exception("no code");
}
