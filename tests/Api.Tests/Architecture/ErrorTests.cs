using AiGateway.Api.Errors;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>Every failure has a code of one closed list, and one table maps the codes to HTTP.</summary>
public sealed class ErrorTests
{
    // They stop the start, when there is no request yet that could fail.
    private static readonly Type[] BeforeAnyRequest = [typeof(ConfigurationFaultsException), typeof(PriceFileException)];

    [Test]
    public void Exceptions_Have_ACodeOfTheList() => Assert.That(WithoutCode(Product.Types.Except(BeforeAnyRequest)), Is.Empty);

    [Test]
    public void Rule_ForAnExceptionWithoutCode_NamesIt() =>
        Assert.That(WithoutCode([typeof(WrongException), typeof(InvalidRequestException)]), Is.EqualTo([nameof(WrongException)]));

    [TestCaseSource(nameof(Codes))]
    public void Codes_HaveARow_WithAnErrorStatus(ErrorCode code) => Assert.That(ErrorTable.Of(code).Status, Is.InRange(400, 599));

    [Test]
    public void Codes_HaveUniqueNames_InSnakeCase() => Assert.That(Codes().Select(code => code.ToName()), Is.Unique.And.All.Match("^[a-z]+(_[a-z]+)*$"));

    private static ErrorCode[] Codes() => Enum.GetValues<ErrorCode>();

    private static IEnumerable<string> WithoutCode(IEnumerable<Type> types) =>
        types.Where(type => type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(AiGatewayException))).Select(type => type.Name);

    private sealed class WrongException() : Exception("no code");
}
