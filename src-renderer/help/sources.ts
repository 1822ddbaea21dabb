/**
 * The literature behind the help pages. `read` says how far this project went: `whole`: the text or
 * the source code itself; `abstract`: abstract and later papers; `known`: cited from the
 * knowledge of the field, not read again.
 */

/** How far a source was read. */
export type SourceReading = 'whole' | 'abstract' | 'known'

/** A source. */
export type Source = {
  readonly authors: string
  readonly title: string
  readonly venue: string
  /** null of a source that is named by its commit. */
  readonly year: number | null
  readonly read: SourceReading
}

const source =
  (read: SourceReading) =>
  (authors: string, title: string, venue: string, year: number | null): Source => ({
    ...{ authors, title, venue, year, read },
  })
const whole = source('whole')
const abstract = source('abstract')
const known = source('known')

/** Every source, by a key of first author and year. */
export const SOURCES = {
  ahn2014: known(
    'J. Ahn, C. H. Park, J. Huh',
    'Micro-sliced virtual processors to hide the effect of discontinuous CPU availability',
    'MICRO',
    2014,
  ),
  anderson1990: known(
    'T. E. Anderson',
    'The performance of spin lock alternatives for shared-memory multiprocessors',
    'IEEE Transactions on Parallel and Distributed Systems 1(1)',
    1990,
  ),
  bai2010: abstract(
    'Y. Bai, C. Xu, Z. Li',
    'Task-aware based co-scheduling for virtual machine system',
    'SAC',
    2010,
  ),
  bienia2008: known(
    'C. Bienia, S. Kumar, J. P. Singh, K. Li',
    'The PARSEC benchmark suite: characterization and architectural implications',
    'PACT',
    2008,
  ),
  boyd2012: known(
    'S. Boyd-Wickizer, M. F. Kaashoek, R. Morris, N. Zeldovich',
    'Non-scalable locks are dangerous',
    'Ottawa Linux Symposium',
    2012,
  ),
  cheng2016: known(
    'L. Cheng, J. Rao, F. C. M. Lau',
    'vScale: automatic and efficient processor scaling for SMP virtual machines',
    'EuroSys',
    2016,
  ),
  efron1987: known(
    'B. Efron',
    'Better bootstrap confidence intervals',
    'Journal of the American Statistical Association 82(397)',
    1987,
  ),
  fleming1986: known(
    'P. J. Fleming, J. J. Wallace',
    'How not to lie with statistics: the correct way to summarize benchmark results',
    'Communications of the ACM 29(3)',
    1986,
  ),
  friebel2008: known(
    'T. Friebel, S. Biemueller',
    'How to deal with lock holder preemption',
    'Xen Summit',
    2008,
  ),
  hesterberg2015: known(
    'T. C. Hesterberg',
    'What teachers should know about the bootstrap',
    'The American Statistician 69(4)',
    2015,
  ),
  hoefler2015: known(
    'T. Hoefler, R. Belli',
    'Scientific benchmarking of parallel computing systems',
    'SC',
    2015,
  ),
  holm1979: known(
    'S. Holm',
    'A simple sequentially rejective multiple test procedure',
    'Scandinavian Journal of Statistics 6(2)',
    1979,
  ),
  kim2013: known(
    'H. Kim, S. Kim, J. Jeong, J. Lee, S. Maeng',
    'Demand-based coordinated scheduling for SMP VMs',
    'ASPLOS',
    2013,
  ),
  lampson1980: known(
    'B. W. Lampson, D. D. Redell',
    'Experience with processes and monitors in Mesa',
    'Communications of the ACM 23(2)',
    1980,
  ),
  linux2013ple: whole(
    'Linux',
    'Pause-loop exits and directed yield: arch/x86/kvm, virt/kvm/kvm_main.c',
    'source code, 4.13',
    2017,
  ),
  linux2016: whole(
    'Linux',
    'vcpu_is_preempted and its users, commit 1885aa7041c9 and its series',
    'source code',
    2016,
  ),
  linux2017: whole('Linux', 'The Completely Fair Scheduler: kernel/sched/fair.c', '4.13', 2017),
  linux2023: whole('Linux', 'EEVDF: kernel/sched/fair.c', '6.6', 2023),
  linux2025: whole(
    'Linux',
    'RFC “steal monitor”: Documentation/driver-api/steal-monitor.rst',
    'patch series',
    2025,
  ),
  liu2014: known(
    'R. Liu, H. Zhang, H. Chen',
    'Scalable read-mostly synchronization using passive reader-writer locks',
    'USENIX ATC',
    2014,
  ),
  mann1947: known(
    'H. B. Mann, D. R. Whitney',
    'On a test of whether one of two random variables is stochastically larger than the other',
    'Annals of Mathematical Statistics 18(1)',
    1947,
  ),
  miao2015: abstract(
    'T. Miao, H. Chen',
    'FlexCore: dynamic virtual machine scheduling using VCPU ballooning',
    'Tsinghua Science and Technology 20(1)',
    2015,
  ),
  ousterhout1982: known(
    'J. K. Ousterhout',
    'Scheduling techniques for concurrent systems',
    'ICDCS',
    1982,
  ),
  panneerselvam2015: whole(
    'S. Panneerselvam, M. Swift, N. S. Kim',
    'Bolt: faster reconfiguration in operating systems',
    'USENIX ATC',
    2015,
  ),
  rao2014: abstract(
    'J. Rao, X. Zhou',
    'Towards fair and efficient SMP virtual machine scheduling',
    'PPoPP',
    2014,
  ),
  schuirmann1987: known(
    'D. J. Schuirmann',
    'A comparison of the two one-sided tests procedure and the power approach',
    'Journal of Pharmacokinetics and Biopharmaceutics 15(6)',
    1987,
  ),
  shapley1953: known(
    'L. S. Shapley',
    'A value for n-person games',
    'Contributions to the Theory of Games II',
    1953,
  ),
  song2013: known(
    'X. Song, J. Shi, H. Chen, B. Zang',
    'Schedule processes, not VCPUs',
    'APSys',
    2013,
  ),
  stoica1995: known(
    'I. Stoica, H. Abdel-Wahab',
    'Earliest eligible virtual deadline first',
    'TR-95-22, Old Dominion University',
    1995,
  ),
  sukwong2011: abstract(
    'O. Sukwong, H. S. Kim',
    'Is co-scheduling too expensive for SMP VMs?',
    'EuroSys',
    2011,
  ),
  uhlig2004: known(
    'V. Uhlig, J. LeVasseur, E. Skoglund, U. Dannowski',
    'Towards scalable multiprocessor virtual machines',
    'Virtual Machine Research and Technology Symposium (VM)',
    2004,
  ),
  vmware2010: known('VMware', 'The CPU scheduler in VMware ESX 4', 'white paper', 2010),
  weng2009: abstract(
    'C. Weng, Z. Wang, M. Li, X. Lu',
    'The hybrid scheduling framework for virtual machine systems',
    'VEE',
    2009,
  ),
  weng2011: abstract(
    'C. Weng, Q. Liu, L. Yu, M. Li',
    'Dynamic adaptive scheduling for virtual machines',
    'HPDC',
    2011,
  ),
  westfall1993: known(
    'P. H. Westfall, S. S. Young',
    'Resampling-based multiple testing',
    'Wiley',
    1993,
  ),
  xen: whole(
    'Xen',
    'xen/common/sched/credit.c and credit2.c, commit c447b730',
    'source code',
    null,
  ),
} as const satisfies Readonly<Record<string, Source>>

/** Key of a source. */
export type SourceKey = keyof typeof SOURCES
