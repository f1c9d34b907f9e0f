using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class QuotaCounterMapping : IEntityTypeConfiguration<QuotaCounter>
{
    public void Configure(EntityTypeBuilder<QuotaCounter> builder)
    {
        builder.ToTable("quota_counters");
        builder.HasKey(counter => new { counter.UserId, counter.Kind, counter.Start }).HasName("pk_quota_counters");
        builder.Property(counter => counter.UserId).HasColumnName("user_id");
        builder.Property(counter => counter.Kind).HasColumnName("kind");
        builder.Property(counter => counter.Start).HasColumnName("start");
        builder.Property(counter => counter.Requests).HasColumnName("requests");
        builder.Property(counter => counter.SettledNanoUsd).HasColumnName("settled_nano_usd");
        builder.Property(counter => counter.HeldNanoUsd).HasColumnName("held_nano_usd");
        builder.HasOne(counter => counter.User).WithMany().HasForeignKey(counter => counter.UserId)
            .HasConstraintName("fk_quota_counters_users").OnDelete(DeleteBehavior.Restrict);
    }
}
