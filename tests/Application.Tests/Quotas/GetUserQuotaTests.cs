using AiGateway.Application.Quotas;
using AiGateway.Domain;
using NSubstitute;

namespace AiGateway.Application.Tests.Quotas;

public sealed class GetUserQuotaTests : IDisposable
{
    private readonly UseCases _useCases = new();

    public GetUserQuotaTests() => _useCases.Users.FindAsync(Sample.UserId, Arg.Any<CancellationToken>())
        .Returns(new User { Id = Sample.UserId, Name = "Ada", CreatedAt = Sample.Noon });

    public void Dispose() => _useCases.Dispose();

    [Test]
    public async Task Get_WhenTheUserHasOwnLimits_ReturnsThem()
    {
        var own = new QuotaLimits(1, 2, 3);
        _useCases.Quotas.FindLimitsAsync(Sample.UserId, Arg.Any<CancellationToken>()).Returns(own);

        Assert.That(await _useCases.SendAsync(new GetUserQuota(Sample.Actor, Sample.UserId)), Is.EqualTo(new UserQuota(own, IsDefault: false)));
    }

    [Test]
    public async Task Get_WhenTheUserHasNone_ReturnsTheDefaultsAndSaysSo()
    {
        _useCases.Defaults = _useCases.Defaults with { Limits = new QuotaLimits(7, 8, 9) };

        Assert.That(
            await _useCases.SendAsync(new GetUserQuota(Sample.Actor, Sample.UserId)),
            Is.EqualTo(new UserQuota(new QuotaLimits(7, 8, 9), IsDefault: true)));
    }

    [Test]
    public async Task Get_ForAnUnknownUser_IsNotFound()
    {
        var failure = await Assert.ThrowsAsync<AiGatewayException>(() => _useCases.SendAsync(new GetUserQuota(Sample.Actor, Guid.Empty)));

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.NotFound));
    }
}
