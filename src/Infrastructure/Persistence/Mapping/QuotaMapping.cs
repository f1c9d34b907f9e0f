using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class QuotaMapping : IEntityTypeConfiguration<Quota>
{
    public void Configure(EntityTypeBuilder<Quota> builder)
    {
        builder.ToTable("quotas");
        builder.HasKey(quota => quota.UserId).HasName("pk_quotas");
        builder.Property(quota => quota.UserId).HasColumnName("user_id").ValueGeneratedNever();
        builder.Property(quota => quota.DailyRequests).HasColumnName("daily_requests");
        builder.Property(quota => quota.MonthlyRequests).HasColumnName("monthly_requests");
        builder.Property(quota => quota.MonthlySpendNanoUsd).HasColumnName("monthly_spend_nano_usd");
        builder.Property(quota => quota.UpdatedAt).HasColumnName("updated_at");
        builder.Ignore(quota => quota.Limits);
        builder.HasOne(quota => quota.User).WithOne(user => user.Quota).HasForeignKey<Quota>(quota => quota.UserId)
            .HasConstraintName("fk_quotas_users").OnDelete(DeleteBehavior.Restrict);
    }
}
